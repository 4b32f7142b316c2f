"""What people type into the fields of a form, as changes of a file, and back."""
