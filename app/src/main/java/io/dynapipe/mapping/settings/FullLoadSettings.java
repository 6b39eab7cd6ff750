package io.dynapipe.mapping.settings;

/**
 * {@code FullLoadSettings}.
 *
 * @param stopBeforeCachedChanges stop when the load is done
 * @param stopAfterCachedChanges stop when the changes made meanwhile are done, too
 * @param subTasks readers
 * @param commitRate rows that are handed over together
 */
public record FullLoadSettings(
    TargetTablePrepMode prepMode,
    boolean stopBeforeCachedChanges,
    boolean stopAfterCachedChanges,
    int subTasks,
    int commitRate) {}
