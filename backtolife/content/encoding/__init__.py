"""Video files looked into and encoded, by ffmpeg in processes of their own."""
