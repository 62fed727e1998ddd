import torch.nn as nn
import torch.nn.functional as F


class PlateNet(nn.Module):
    """Small CNN with two heads: which digit, and where it is."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1)
        self.conv3 = nn.Conv2d(24, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 7 * 7, 64)
        self.digit = nn.Linear(64, 10)
        self.box = nn.Linear(64, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.conv3(x))
        x = F.relu(self.fc(x.flatten(1)))
        return self.digit(x), self.box(x).sigmoid()
