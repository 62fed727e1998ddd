# SPDX-License-Identifier: Apache-2.0
"""A model that TorchScript compiled: its buffers and attributes are no Python dictionaries."""
import torch
import torch.nn as nn
import hindcast as hc


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear, self.norm = nn.Linear(width, width), nn.BatchNorm1d(width)
        self.scale: float = 0.5

    def forward(self, x):
        return x + self.scale * torch.relu(self.norm(self.linear(x)))


torch.manual_seed(1)
x = torch.randn(64, 6)
y = x.sum(1, keepdim=True)
block = torch.jit.script(Block(6))
model = nn.Sequential(block, nn.Linear(6, 1))
optimizer = torch.optim.Adam(model.parameters(), 0.02)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
average = 0.0
for epoch in hc.loop("epoch", range(5)):
    for k in hc.loop("batch", range(4)):
        loss = nn.functional.mse_loss(model(x[k * 16:k * 16 + 16]), y[k * 16:k * 16 + 16])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average = 0.9 * average + 0.1 * loss.item()
    scheduler.step()
    rate = scheduler.get_last_lr()[0]
    mean = block.norm.running_mean.sum().item()
    hc.log("average", average)
hc.log("rate", rate)
