"""A slow copy of a model: an exponential moving average of its weights."""
import torch


def update_average(averaged, model, decay):
    with torch.no_grad():
        for slow, fast in zip(averaged.state_dict().values(), model.state_dict().values()):
            if slow.dtype.is_floating_point:
                slow.mul_(decay).add_(fast, alpha=1 - decay)
            else:
                slow.copy_(fast)
