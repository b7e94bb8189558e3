"""The board's pages: every case, every case in trouble, and nothing for anybody who is not on the board's staff."""
