//! One writer at a time: a lock on a file of the data folder, which the system gives up when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::StoreError;

/// Takes the lock of `folder`, and writes this process's id into its file for others to read.
pub(super) fn take(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = open.map_err(StoreError::io("opening", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::Locked { folder: folder.to_owned(), pid: holder(&mut file) });
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::io("locking", &path)(error)),
    }
    let mut write = || {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    write().map_err(StoreError::io("writing", &path))?;
    Ok(file)
}

/// The process id in the lock's file; where the system doesn't let others read a locked file, there is none.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
