"""What staff show besides their password: a code of an app on their phone, or one they wrote down."""
