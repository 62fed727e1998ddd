# SPDX-License-Identifier: Apache-2.0
"""The observer around an injected statement: afterwards the process is as if the statement had not run."""
import sys

from ..state import objects, rng, tensors


class Observer:
    """Context manager for one execution of one injected statement.

    Puts back random state, generators, buffers, module attributes and gradients; catches exceptions of the statement and
    reports them; notices writes to parameters. A statement that only reads (`light`) needs none of that but the catching.
    """

    def __init__(self, runtime, probe, light):
        self._runtime = runtime
        self.probe = probe
        self._light = light
        self._saved = None

    def __enter__(self):
        self._outer = self._runtime.observer
        self._runtime.observer = self
        if not self._light:
            self._saved = _Saved(self._runtime.known())
        return self

    def __exit__(self, kind, error, trace):
        self._runtime.observer = self._outer
        if self._saved is not None:
            written = self._saved.put_back()
            if written:
                self._runtime.probe_wrote(self.probe, written)
        if error is None:
            return False
        if isinstance(error, Exception):
            self._runtime.probe_failed(self.probe, error)
            return True
        return False  # KeyboardInterrupt, SystemExit and our own signals go on


class _Saved:
    """State before an injected statement."""

    def __init__(self, known):
        self._rng = rng.capture()
        self._generators = [(one, rng.object_state(one)) for one in known.generators]
        self._parts, self._buffers, self._tensors, self._grads, self._versions = [], [], [], [], []
        for module in known.modules:
            for part in module.modules():
                self._parts.append((part, {key: part.__dict__[key] for key in part.__dict__ if key[0] != "_"}))
                self._buffers.append((part._buffers, dict(part._buffers)))
            for _, buffer in module.named_buffers():
                if tensors.refusal(buffer) is None:  # others are put back as objects only; a write shows at the next state
                    self._tensors.append((buffer, buffer.detach().clone()))
            for _, param in module.named_parameters():
                grad = param.grad
                self._grads.append((param, grad, None if grad is None else grad.detach().clone()))
                self._versions.append((param, param._version, param.requires_grad))
        self._grad_mode = _grad_mode()

    def put_back(self):
        """Restores; returns the number of parameters that were written to."""
        torch = rng.torch_module()
        if torch is not None:
            torch.set_grad_enabled(self._grad_mode)
            with torch.no_grad():
                for buffer, content in self._tensors:
                    if not torch.equal(buffer, content):
                        buffer.copy_(content)
                for param, grad, content in self._grads:
                    if grad is not None and (param.grad is not grad or not torch.equal(grad, content)):
                        grad.copy_(content)
                    if param.grad is not grad:
                        param.grad = grad
        for part, content in self._parts:
            for key in [key for key in part.__dict__ if key[0] != "_" and key not in content]:
                del part.__dict__[key]
            part.__dict__.update(content)
        for buffers, content in self._buffers:
            for key in [key for key in buffers.keys() if key not in content]:
                del buffers[key]
            for key, buffer in content.items():  # a scripted module's are no dict, and lets none be put in needlessly
                if key not in buffers or buffers[key] is not buffer:
                    buffers[key] = buffer
        written = 0
        for param, version, required in self._versions:
            written += param._version != version
            if param.requires_grad != required:
                param.requires_grad_(required)
        for generator, saved in self._generators:
            rng.set_object_state(generator, saved)
        rng.restore(self._rng)
        return written


class Known:
    """Objects that an observer protects: found by the last walk."""

    def __init__(self, walker=None):
        self.modules, self.generators = [], []
        if walker is not None:
            self.modules = [value for value in walker.objects.values() if objects.kind_of(value) == "module"]
            self.generators = [value for path, value in walker.live.items() if path in walker.generators]


def _grad_mode():
    torch = sys.modules.get("torch")
    return torch.is_grad_enabled() if torch is not None and hasattr(torch, "is_grad_enabled") else True
