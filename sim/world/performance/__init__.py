"""What elements count of themselves in each granularity period, and the files in which they tell it."""
