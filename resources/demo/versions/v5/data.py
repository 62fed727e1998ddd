"""Plates for training and validation, made from scikit-learn's scanned digits."""
import torch
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset, TensorDataset

from augment import bare, paste

BACKGROUND = 0  # label of a frame without a plate, as in torchvision's detectors


class PlateDataset(Dataset):
    """Scans that are pasted somewhere else each time, then some frames without a plate."""

    def __init__(self, scans, labels, bare_share=0.0):
        self.scans = scans
        self.labels = labels
        self.n_bare = int(len(scans) * bare_share)

    def __len__(self):
        return len(self.scans) + self.n_bare

    def __getitem__(self, index):
        return self.draw(index)

    def draw(self, index, gen=None):
        if index >= len(self.scans):
            return bare(gen), torch.tensor(BACKGROUND), torch.zeros(3)
        frame, box = paste(self.scans[index], gen)
        return frame, self.labels[index], box

    def frozen(self, seed=7):
        """The same plates, drawn once: they stay the same from epoch to epoch."""
        gen = torch.Generator().manual_seed(seed)
        frames, labels, boxes = zip(*[self.draw(i, gen) for i in range(len(self))])
        return TensorDataset(torch.stack(frames), torch.stack(labels), torch.stack(boxes))


def make_loaders(start, until, batch_size, bare_share, val_share=0.2):
    """Loaders for the scans [start, until). The newest fifth is kept for validation."""
    source = load_digits()
    scans = torch.tensor(source.images[start:until] / 16.0, dtype=torch.float32)
    labels = torch.tensor(source.target[start:until])
    n_train = int(len(scans) * (1 - val_share))

    train = PlateDataset(scans[:n_train], labels[:n_train], bare_share)
    val = PlateDataset(scans[n_train:], labels[n_train:], bare_share).frozen()
    return (DataLoader(train, batch_size=batch_size, shuffle=True),
            DataLoader(val, batch_size=100))
