"""The parts of a PDF file: objects, metadata, tags, fonts, attachments, and the operators of a page."""
