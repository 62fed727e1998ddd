# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(9)
x = torch.randn(64, 8)
y = (x[:, :2].sum(1) > 0).long()
encoder = nn.Sequential(nn.Linear(8, 16), nn.ReLU())
decoder = nn.Linear(16, 8)
opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.01)
for epoch in hc.loop("pretrain", range(3)):
    spread = 0.0
    for i in hc.loop("step", range(0, 64, 16)):
        noisy = x[i:i + 16] + 0.1 * torch.randn(16, 8)
        loss = F.mse_loss(decoder(encoder(noisy)), x[i:i + 16])
        opt.zero_grad()
        loss.backward()
        opt.step()
        hc.log("reconstruction", loss.item())
    spread = encoder(x).std().item()
    hc.log("spread", spread)
probe_quality = encoder(x).abs().mean().item()
hc.log("quality", probe_quality)
for p in encoder[0].parameters():
    p.requires_grad_(False)
head = nn.Linear(16, 2)
opt = torch.optim.SGD(head.parameters(), lr=0.2)
for epoch in hc.loop("finetune", range(4)):
    if epoch == 2:
        for p in encoder.parameters():
            p.requires_grad_(True)
        opt.add_param_group({"params": list(encoder.parameters()), "lr": 0.01})
    for i in hc.loop("step", range(0, 64, 16)):
        loss = F.cross_entropy(head(encoder(x[i:i + 16])), y[i:i + 16])
        opt.zero_grad()
        loss.backward()
        opt.step()
        hc.log("loss", loss.item())
    accuracy = (head(encoder(x)).argmax(1) == y).float().mean().item()
    hc.log("accuracy", accuracy)
hc.log("done", accuracy)
