# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn as nn
import hindcast as hc

torch.manual_seed(4)
real = torch.randn(64, 3) * 0.5 + 2
generator = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
critic = nn.Sequential(nn.Linear(3, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
opt_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.9))
opt_c = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.9))
bce = nn.BCEWithLogitsLoss()
fixed_noise = torch.randn(16, 4)
moved = 0
with hc.checkpointing(generator=generator, critic=critic, opt_g=opt_g, opt_c=opt_c):
    for epoch in hc.loop("epoch", range(4)):
        wins = []
        for i in hc.loop("step", range(0, 64, 16)):
            batch = real[i:i + 16]
            fake = generator(torch.randn(16, 4))
            loss_c = bce(critic(batch), torch.ones(16, 1)) + bce(critic(fake.detach()), torch.zeros(16, 1))
            opt_c.zero_grad()
            loss_c.backward()
            opt_c.step()
            if i % 32 == 0:
                loss_g = bce(critic(fake), torch.ones(16, 1))
                opt_g.zero_grad()
                loss_g.backward()
                opt_g.step()
                moved += 1
                hc.log("loss_g", loss_g.item())
            wins.append((critic(fake) > 0).float().mean().item())
            hc.log("loss_c", loss_c.item())
        sample = generator(fixed_noise)
        distance = (sample.mean(0) - real.mean(0)).norm().item()
        hc.log("distance", distance)
        hc.log("wins", sum(wins) / len(wins))
