# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(3)
x = torch.randn(60, 6)
y = (x[:, 0] + x[:, 1] > 0).long()
parts = torch.randperm(60).chunk(3)
scores = []
for fold in range(3):
    held_out = parts[fold]
    rest = torch.cat([part for k, part in enumerate(parts) if k != fold])
    model = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Dropout(0.1), nn.Linear(12, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    best = 0.0
    for epoch in hc.loop("epoch", range(3)):
        model.train()
        order = rest[torch.randperm(len(rest))]
        running = 0.0
        for index in hc.loop("step", range(0, 40, 8)):
            batch = order[index:index + 8]
            loss = F.cross_entropy(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item()
            hc.log("loss", loss.item())
        model.eval()
        accuracy = (model(x[held_out]).argmax(1) == y[held_out]).float().mean().item()
        best = max(best, accuracy)
        hc.log("accuracy", accuracy)
    scores.append(best)
    hc.log("fold_best", best)
hc.log("mean_best", sum(scores) / len(scores))
