"""From the files a person has to typed, checked tables and receipts."""
