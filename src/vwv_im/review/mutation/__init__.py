"""Mutation of the law: each rule file is changed at one place at a time; does a case of the corpus notice?"""
