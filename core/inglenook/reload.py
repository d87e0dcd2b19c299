"""Hot reload: watch the rule files and swap in what changed."""
