import torch.nn.functional as F

from data import EMPTY


def detection_loss(outputs, labels, boxes, box_weight):
    """Is there a plate, what does it say, where is it: in one number.

    Frames without a plate have nothing to read and no box, they count for the first part only.
    """
    plate, scores, found = outputs
    has_plate = labels != EMPTY
    seeing = F.binary_cross_entropy_with_logits(plate, has_plate.float())
    reading = F.cross_entropy(scores, labels, ignore_index=EMPTY)
    finding = F.smooth_l1_loss(found[has_plate], boxes[has_plate])
    return seeing + reading + box_weight * finding
