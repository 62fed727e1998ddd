from dataclasses import dataclass

import hindcast as hc


@dataclass
class Settings:
    """What can be set from the command line: python train.py --kwargs lr=0.003 epochs=20"""

    seed: int
    epochs: int
    start: int
    until: int
    batch_size: int
    empty_share: float
    lr: float
    dropout: float
    box_weight: float
    max_norm: float

    @classmethod
    def from_args(cls):
        return cls(
            seed=hc.arg("seed", 1),
            epochs=hc.arg("epochs", 12),
            start=hc.arg("start", 500),
            until=hc.arg("until", 1797),
            batch_size=hc.arg("batch_size", 32),
            empty_share=hc.arg("empty_share", 0.25),
            lr=hc.arg("lr", 0.005),
            dropout=hc.arg("dropout", 0.1),
            box_weight=hc.arg("box_weight", 10.0),
            max_norm=hc.arg("max_norm", 5.0),
        )
