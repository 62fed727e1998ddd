"""Scanned digits, a little shifted and made noisy."""
import random

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset, TensorDataset


class AugmentedDigits(Dataset):
    def __init__(self, images, labels, noise):
        self.images = images
        self.labels = labels
        self.noise = noise

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = self.images[index]
        if random.random() < 0.5:
            image = np.roll(image, np.random.randint(-1, 2), axis=random.choice([0, 1]))
        image = torch.from_numpy(image).unsqueeze(0)
        return image + self.noise * torch.randn(image.shape), int(self.labels[index])


def make_loaders(batch, seed, noise, train_size=480, val_size=400):
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32)
    order = np.random.permutation(len(images))
    first, second = order[:train_size], order[train_size:train_size + val_size]
    train_set = AugmentedDigits(images[first], digits.target[first], noise)
    val_set = TensorDataset(torch.from_numpy(images[second]).unsqueeze(1),
                            torch.from_numpy(digits.target[second]))
    shuffler = torch.Generator().manual_seed(seed)
    return (DataLoader(train_set, batch_size=batch, shuffle=True, generator=shuffler),
            DataLoader(val_set, batch_size=200))
