import torch.nn.functional as F


def detection_loss(scores, found, digits, boxes, box_weight):
    """Reading and finding in one number, the box counts `box_weight` times."""
    reading = F.cross_entropy(scores, digits)
    finding = F.smooth_l1_loss(found, boxes)
    return reading + box_weight * finding
