# SPDX-License-Identifier: Apache-2.0
import random

import numpy as np
import torch
import torch.nn as nn
import hindcast as hc

random.seed(0)
np.random.seed(0)
torch.manual_seed(0)


class Buffer:
    def __init__(self, capacity=60000):
        self.states = np.zeros((capacity, 8), dtype=np.float64)
        self.view = torch.from_numpy(self.states)
        self.rewards = np.zeros(capacity)
        self.position, self.full = 0, False

    def add(self, state, reward):
        self.states[self.position] = state
        self.rewards[self.position] = reward
        self.position += 1

    def sample(self, n):
        index = np.random.randint(0, self.position, n)
        return torch.tensor(self.states[index]).float(), torch.tensor(self.rewards[index]).float()


class World:
    def __init__(self):
        self.state = np.zeros(8)

    def step(self, action):
        self.state = 0.9 * self.state + 0.1 * action + 0.05 * np.random.randn(8)
        return self.state.copy(), -float(self.state @ self.state)


buffer, world = Buffer(), World()
policy = nn.Linear(8, 1)
target = nn.Linear(8, 1)
target.load_state_dict(policy.state_dict())
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
epsilon, returns = 1.0, []
for episode in hc.loop("episode", range(5)):
    world.state = np.random.randn(8)
    total_reward = 0.0
    for t in hc.loop("t", range(20)):
        action = random.choice((-1.0, 1.0)) if random.random() < epsilon else 1.0
        state, reward = world.step(action)
        buffer.add(state, reward)
        total_reward += reward
        if buffer.position > 8:
            s, r = buffer.sample(8)
            loss = ((policy(s).squeeze(1) - r - 0.9 * target(s).squeeze(1).detach()) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            hc.log("loss", loss.item())
    epsilon *= 0.8
    returns.append(total_reward)
    if episode % 2 == 1:
        target.load_state_dict(policy.state_dict())
    hc.log("return", total_reward)
    hc.log("held", float(buffer.view.abs().sum()))
