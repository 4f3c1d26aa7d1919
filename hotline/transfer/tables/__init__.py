"""Readers and writers of tables: text with separators, the parts of a workbook, columns of fixed names."""
