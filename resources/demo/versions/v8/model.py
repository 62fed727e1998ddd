import torch.nn as nn

from backbone import Backbone, conv


class ReadingHead(nn.Module):
    """Is there a plate, and which digit is on it, wherever it is."""

    def __init__(self, channels, dropout):
        super().__init__()
        self.conv = conv(channels, channels)
        self.dropout = nn.Dropout(dropout)
        self.plate = nn.Linear(channels, 1)
        self.digit = nn.Linear(channels, 10)

    def forward(self, features):
        pooled = self.dropout(self.conv(features).amax((2, 3)))
        return self.plate(pooled)[:, 0], self.digit(pooled)


class BoxHead(nn.Module):
    """Where the plate is."""

    def __init__(self, channels, hidden=48):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels * 6 * 6, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 3),
            nn.Sigmoid(),
        )

    def forward(self, features):
        return self.layers(features)


class PlateDetector(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.backbone = Backbone()
        self.reading = ReadingHead(self.backbone.channels, dropout)
        self.box = BoxHead(self.backbone.channels)

    def forward(self, frames):
        features = self.backbone(frames)
        plate, scores = self.reading(features)
        return plate, scores, self.box(features)
