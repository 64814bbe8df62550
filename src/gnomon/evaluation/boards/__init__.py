"""The dashboards: what each shows as data, drawn alike on a page, in a PDF and in a workbook (9.1, 9.4)."""
