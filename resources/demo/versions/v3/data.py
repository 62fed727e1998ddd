"""Plates for training and validation, made from scikit-learn's scanned digits."""
import torch
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset, TensorDataset

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


def fixed_plates(scans, digits):
    """Plates that stay the same from epoch to epoch, for validation."""
    gen = torch.Generator().manual_seed(7)
    frames, boxes = zip(*[paste(scan, gen) for scan in scans])
    return TensorDataset(torch.stack(frames), digits, torch.stack(boxes))


def make_loaders(start, until, batch_size, val_share=0.2):
    """Loaders for the scans [start, until). The newest fifth is kept for validation."""
    source = load_digits()
    scans = torch.tensor(source.images[start:until] / 16.0, dtype=torch.float32)
    digits = torch.tensor(source.target[start:until])
    n_train = int(len(scans) * (1 - val_share))

    train = PlateDataset(scans[:n_train], digits[:n_train])
    val = fixed_plates(scans[n_train:], digits[n_train:])
    return (DataLoader(train, batch_size=batch_size, shuffle=True),
            DataLoader(val, batch_size=100))
