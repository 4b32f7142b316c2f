"""The program with one classic mistake each, so that the tests can be seen to find it. Importing one makes it."""
