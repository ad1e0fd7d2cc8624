"""The programme is over for somebody who took part: by staff, or in the end by the programme's own rule."""
