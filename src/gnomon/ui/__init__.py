"""How everything looks: base templates, components, generic record pages, charts. Knows no record of ours."""
