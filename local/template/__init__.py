"""From template.yaml to CloudFormation that can be evaluated: SAM's translation (cached), parameters, intrinsics, order."""
