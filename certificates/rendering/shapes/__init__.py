"""What is drawn but not written: ornament, QR code, logo and signature."""
