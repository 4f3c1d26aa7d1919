"""How each kind of file is read: text with separators, the parts of a workbook, and columns that have fixed names."""
