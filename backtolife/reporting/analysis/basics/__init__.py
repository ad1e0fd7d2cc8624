"""What every figure needs: its basis, distributions, shares, and reasons to refuse."""
