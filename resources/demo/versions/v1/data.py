"""Frames for training: scanned digits pasted where a plate could hang at the gate."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import TensorDataset

FRAME = 24  # pixels, frames are square


def make_frame(scan, gen):
    """One frame: the scan at a random place and size on a noisy background.

    Returns the frame (1 x FRAME x FRAME) and the box of the digit as
    (centre x, centre y, side), each as a share of the frame.
    """
    side = int(torch.randint(10, 15, (1,), generator=gen))
    left, top = torch.randint(0, FRAME - side + 1, (2,), generator=gen).tolist()

    frame = 0.25 * torch.rand(1, FRAME, FRAME, generator=gen)
    digit = F.interpolate(scan[None, None], size=(side, side), mode="bilinear", align_corners=False)[0]
    window = frame[:, top:top + side, left:left + side]
    torch.maximum(window, digit, out=window)

    box = torch.tensor([left + side / 2, top + side / 2, side]) / FRAME
    return frame, box


def load_plates(until, val_share=0.2):
    """Frames of the first `until` scans. The newest fifth is kept for validation."""
    source = load_digits()
    scans = torch.tensor(source.images[:until] / 16.0, dtype=torch.float32)
    digits = torch.tensor(source.target[:until])

    gen = torch.Generator().manual_seed(7)
    frames, boxes = zip(*[make_frame(scan, gen) for scan in scans])
    frames, boxes = torch.stack(frames), torch.stack(boxes)

    n_train = int(until * (1 - val_share))
    train = TensorDataset(frames[:n_train], digits[:n_train], boxes[:n_train])
    val = TensorDataset(frames[n_train:], digits[n_train:], boxes[n_train:])
    return train, val
