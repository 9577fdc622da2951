"""The docs site: pages and pictures generated from the rule files and the corpus of cases."""
