"""Plates for training and validation, made from scikit-learn's scanned digits."""
import torch
from sklearn.datasets import load_digits
from torch.utils.data import Dataset, TensorDataset

from augment import paste


class PlateDataset(Dataset):
    """Scans that are pasted somewhere else each time they are asked for."""

    def __init__(self, scans, digits):
        self.scans = scans
        self.digits = digits

    def __len__(self):
        return len(self.scans)

    def __getitem__(self, index):
        frame, box = paste(self.scans[index])
        return frame, self.digits[index], box


def load_plates(until, val_share=0.2):
    """Plates of the first `until` scans. The newest fifth is kept for validation."""
    source = load_digits()
    scans = torch.tensor(source.images[:until] / 16.0, dtype=torch.float32)
    digits = torch.tensor(source.target[:until])
    n_train = int(until * (1 - val_share))

    # validation frames stay the same from epoch to epoch
    gen = torch.Generator().manual_seed(7)
    frames, boxes = zip(*[paste(scan, gen) for scan in scans[n_train:]])

    train = PlateDataset(scans[:n_train], digits[:n_train])
    val = TensorDataset(torch.stack(frames), digits[n_train:], torch.stack(boxes))
    return train, val
