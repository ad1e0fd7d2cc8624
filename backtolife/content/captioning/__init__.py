"""The page on which staff write a video's captions and its parts."""
