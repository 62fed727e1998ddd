"""What differs from frame to frame at the gate: place, size, light, sensor noise."""
import torch
import torch.nn.functional as F

FRAME = 24  # pixels, frames are square


def bare(gen=None):
    """A frame without a plate: background noise and, often, a piece of the barrier."""
    frame = 0.25 * torch.rand(1, FRAME, FRAME, generator=gen)
    if torch.rand(1, generator=gen) < 0.7:
        top = int(torch.randint(0, FRAME - 3, (1,), generator=gen))
        frame[:, top:top + 3] += 0.5
    return frame


def paste(scan, gen=None):
    """The scan at a random place and size on a noisy background.

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


def relight(frames):
    """Another brightness for each frame of a batch."""
    gain = 0.7 + 0.6 * torch.rand(len(frames), 1, 1, 1)
    return (frames * gain).clamp(0, 1)
