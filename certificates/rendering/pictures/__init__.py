"""What shows a certificate or a course elsewhere: badge, share image, poster, a name in outlines."""
