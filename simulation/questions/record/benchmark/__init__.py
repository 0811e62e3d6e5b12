"""Many wars forecast by the model and by simpler means, each from what the other wars teach: scores one may believe."""
