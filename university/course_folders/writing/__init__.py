"""Values to files, and changes in files that people wrote by hand."""
