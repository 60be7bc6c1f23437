"""What somebody asks of the lake in SQL of their own: what may be asked, and what that would read."""
