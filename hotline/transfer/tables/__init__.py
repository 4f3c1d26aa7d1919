"""How each kind of file is read: text with separators, and the parts of a workbook."""
