"""What a group is called, how many it holds, whether it takes anybody, and when it is put away."""
