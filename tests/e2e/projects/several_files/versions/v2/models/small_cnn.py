import torch.nn as nn
import torch.nn.functional as F


class SmallCNN(nn.Module):
    def __init__(self, width, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(width * 16, classes)

    def forward(self, x):
        h = F.relu(self.norm(self.conv(x)))
        h = F.max_pool2d(h, 2)
        h = h.flatten(1)
        return self.fc(self.drop(h))
