/** What is there to show at the desk, and how is the waiting said? The one of all rooms. */
export { useLoaded, type Loaded } from '../../api/useLoaded'
