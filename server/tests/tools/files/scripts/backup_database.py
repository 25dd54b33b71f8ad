# Answered by the stand-in for python.
