"""The catalogues of words on pages: what the pages say is gathered, and what is said outside of them is found."""
