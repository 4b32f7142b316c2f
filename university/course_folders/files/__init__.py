"""Files and bytes: the folder, its zip file, its pictures, and links from file to file."""
