"""What happens to a group after it was made: its dates move, with everybody told, and can be moved back."""
