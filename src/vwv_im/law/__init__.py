"""What rule files may say, reading them, deriving Fassungen from the acts, and choosing one."""
