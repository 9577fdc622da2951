"""Truth values, periods and deadlines, the plan, and the engines that run it."""
